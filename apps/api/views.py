from django.views.generic import TemplateView


class Docs(TemplateView):
    """The OpenAPI document to click through, from this host alone."""

    template_name = "api/docs.html"
