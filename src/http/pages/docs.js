// Starts the documentation. A token that is typed in lives as long as the browser's tab.
(() => {
  const KEPT = "ungebro-authorization";
  const place = document.getElementById("documentation");

  const keep = (system) => {
    const authorized = system.authSelectors.authorized();
    sessionStorage.setItem(KEPT, JSON.stringify(authorized ? authorized.toJS() : {}));
  };
  const keeping = (action, system) => (payload) => {
    const result = action(payload);
    keep(system);
    return result;
  };
  const KeepForSession = () => ({
    statePlugins: {
      auth: { wrapActions: { authorize: keeping, authorizeOauth2: keeping, logout: keeping } },
    },
  });

  const ui = SwaggerUIBundle({
    domNode: place,
    url: place.dataset.document,
    oauth2RedirectUrl: new URL(place.dataset.redirect, location.href).href,
    presets: [SwaggerUIBundle.presets.apis],
    plugins: [KeepForSession],
    layout: "BaseLayout",
    deepLinking: true,
    docExpansion: "list",
    defaultModelsExpandDepth: 0,
    displayRequestDuration: true,
    filter: true,
    validatorUrl: null,
    onComplete: () => {
      const kept = sessionStorage.getItem(KEPT);
      if (kept) {
        ui.authActions.authorize(JSON.parse(kept));
      } else if (place.dataset.token) {
        ui.preauthorizeApiKey("bearer", place.dataset.token);
      }
    },
  });
})();
