"""Every table is declared: a model that nobody thought about cannot reach the trunk."""

from django.apps import apps
from django.db.models import EmailField, GenericIPAddressField, Model

from apps.accounts.models import User
from apps.privacy.declarations import IMPERSONAL, PERSONAL
from apps.privacy.purposes import PURPOSES

MODELS = {model._meta.label: model for model in apps.get_models(include_auto_created=True)}


def keys_to_people(model: type[Model]) -> set[str]:
    return {
        field.name
        for field in model._meta.concrete_fields
        if field.is_relation and field.related_model is User
    }


def addresses(model: type[Model]) -> set[str]:
    return {
        field.name
        for field in model._meta.concrete_fields
        if isinstance(field, EmailField | GenericIPAddressField)
    }


def test_every_model_is_declared_once() -> None:
    assert sorted([*PERSONAL, *IMPERSONAL]) == sorted(MODELS)


def test_declared_columns_exist() -> None:
    columns = {
        label: {field.name for field in MODELS[label]._meta.concrete_fields} for label in PERSONAL
    }
    assert {
        label: unknown
        for label, each in PERSONAL.items()
        if (unknown := set(each.fields) - columns[label])
    } == {}


def test_what_points_at_a_person_is_declared() -> None:
    assert {
        label: missing
        for label, each in PERSONAL.items()
        if (missing := (keys_to_people(MODELS[label]) | addresses(MODELS[label])) - {*each.fields})
    } == {}


def test_what_is_called_impersonal_points_at_nobody() -> None:
    assert {
        label: found
        for label in IMPERSONAL
        if (found := keys_to_people(MODELS[label]) | addresses(MODELS[label]))
    } == {}


def test_every_purpose_is_served_and_on_the_page() -> None:
    assert {id(each.purpose) for each in PERSONAL.values()} == {id(each) for each in PURPOSES}
