using Interactions.Contracts;
using Interactions.Frontend.Admission;
using Interactions.Frontend.Api;

namespace Interactions.Frontend.Transports.SignalR;

/// <summary>Stands before the hub: origin and token are looked at when a connection is asked for, not only at each call.</summary>
internal sealed class HubDoor(RequestDelegate next, Gatekeeper gate)
{
    public Task InvokeAsync(HttpContext http)
    {
        if (!http.Request.Path.StartsWithSegments("/hubs") || HttpMethods.IsOptions(http.Request.Method)) return next(http);
        if (!gate.AllowsOrigin(http)) return Problem.WriteAsync(http, Code.Forbidden, "This origin is not allowed.");
        return gate.TryIdentify(http, out _, out var refusal) ? next(http) : Problem.WriteAsync(http, refusal.Code, refusal.Detail);
    }
}
