using Interactions.Frontend.Settings;
using Interactions.Frontend.Transports;
using Interactions.Frontend.Transports.Listener;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Options;

namespace Interactions.Frontend.Hosting;

/// <summary>How this service uses Kestrel.</summary>
internal static class WebServer
{
    public static void Configure(WebApplicationBuilder builder)
    {
        // Where nothing speaks TLS, nothing of it is loaded.
        if (ListenAddresses.AnySecure(builder.Configuration)) builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel((_, kestrel) =>
        {
            kestrel.AddServerHeader = false;
            kestrel.ConfigureEndpointDefaults(endpoint => endpoint.Use(OurEnd.Before));
            kestrel.Limits.MaxResponseBufferSize = ViewerSockets.MostUnsent;
            kestrel.Limits.MaxRequestLineSize = HeadParser.MostBytes;
            kestrel.Limits.MaxRequestHeadersTotalSize = HeadParser.MostBytes;
            kestrel.Limits.RequestHeadersTimeout = LiveLoops.RequestWithin;

            // Bodies are limited by Limits:BodyBytes, with an answer that says so.
            kestrel.Limits.MaxRequestBodySize = 8 << 20;
        });
        builder.Services.Configure<SocketTransportOptions>(sockets =>
        {
            sockets.Backlog = 4096;
            sockets.MaxWriteBufferSize = ViewerSockets.MostUnsent;
            sockets.CreateBoundListenSocket = endpoint =>
            {
                var socket = SocketTransportOptions.CreateDefaultBoundListenSocket(endpoint);
                ViewerSockets.Tune(socket);
                return socket;
            };
        });
        builder.Services.AddOptions<HostOptions>().Configure<LimitOptions>((host, limits) =>
            host.ShutdownTimeout = TimeSpan.FromSeconds(limits.DrainSeconds + 5));
    }

    /// <summary>Starts the host and with it the server.</summary>
    /// <exception cref="OptionsValidationException">It is to speak TLS and has no certificate, which Kestrel finds out only now.</exception>
    public static async Task ListenAsync(WebApplication app)
    {
        try
        {
            await app.StartAsync();
        }
        catch (InvalidOperationException failed) when (ListenAddresses.AnySecure(app.Configuration))
        {
            throw new OptionsValidationException("settings", typeof(WebServer), [$"Urls: {failed.Message.Split('\n')[0].TrimEnd()}"]);
        }
    }
}
