using Interactions.Frontend.Settings;

namespace Interactions.Frontend.Admission;

/// <summary>Gives requests that came through trusted proxies their client's address.</summary>
internal sealed class ForwardedClients(RequestDelegate next, ProxyOptions proxies)
{
    public Task InvokeAsync(HttpContext http)
    {
        var connection = http.Connection;
        connection.RemoteIpAddress = ClientAddress.Of(connection.RemoteIpAddress, http.Request.Headers["X-Forwarded-For"], proxies);
        return next(http);
    }
}
