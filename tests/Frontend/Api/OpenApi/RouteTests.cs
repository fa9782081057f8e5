using Interactions.Frontend.Feeds;
using Interactions.Frontend.Hosting;
using Interactions.Frontend.Settings;
using Interactions.Frontend.Telemetry;
using Interactions.Tests.Frontend.Feeds;
using Interactions.Frontend.Api.OpenApi;
using Interactions.Frontend.Transports.SignalR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.OpenApi;
using Xunit;

namespace Interactions.Tests.Frontend.Api.OpenApi;

public sealed class RouteTests
{
    [Fact]
    public async Task Every_route_is_described_and_every_described_call_is_routed()
    {
        await using var app = Build();
        var document = await app.Services.GetRequiredService<DocumentEndpoint>().DescribeAsync(CancellationToken.None);
        var described = document.Paths
            .SelectMany(path => path.Value.Operations!.Keys.Select(method => $"{method.Method} {path.Key}")).ToHashSet(StringComparer.Ordinal);

        var routed = ((IEndpointRouteBuilder)app).DataSources
            .SelectMany(source => source.Endpoints).OfType<RouteEndpoint>()
            .SelectMany(endpoint => Calls(endpoint, document)).ToHashSet(StringComparer.Ordinal);

        Assert.Empty(described.Except(routed));
        Assert.Empty(routed.Except(described));
    }

    private static WebApplication Build()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Services.AddSettings(AllSettings.Read(builder.Configuration)).AddSingleton(TimeProvider.System).AddTelemetry();
        builder.Services.AddFrontend();
        builder.Services.AddSingleton<IGrains>(new FakeGrains());
        var app = builder.Build();
        app.UseFrontend();
        return app;
    }

    // The description names those methods of a hub that clients use.
    private static IEnumerable<string> Calls(RouteEndpoint endpoint, OpenApiDocument document)
    {
        var path = endpoint.RoutePattern.RawText!;
        IEnumerable<string> methods = endpoint.Metadata.GetRequiredMetadata<HttpMethodMetadata>().HttpMethods;
        if (HubRoute.Paths.Any(hub => hub.Path == path)) methods = methods.Where(method => document.Paths[path].Operations!.Keys.Any(key => key.Method == method));

        // HEAD goes with every GET. The description has no CONNECT: it is how HTTP/2 asks for the WebSocket that HTTP/1.1 asks for by GET.
        return methods.Select(method => $"{(HttpMethods.IsConnect(method) || HttpMethods.IsHead(method) ? HttpMethods.Get : method)} {path}");
    }
}
