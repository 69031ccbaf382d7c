// The interactive documents of the REST API. Nothing is sent to another host.
const place = document.getElementById("api-docs");
window.SwaggerUIBundle({
  url: place.dataset.document,
  domNode: place,
  deepLinking: true,
  docExpansion: "none", // a noun opens when it is asked for: all at once are too many to draw
  defaultModelsExpandDepth: -1, // each operation shows its own
  validatorUrl: null,
  displayRequestDuration: true,
});
