using Interactions.Frontend;
using Interactions.Frontend.Api.OpenApi;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Interactions.Tests.Frontend.Api.OpenApi;

public sealed class RouteTests
{
    [Fact]
    public async Task Every_route_is_described_and_every_described_call_is_routed()
    {
        await using var app = Service.Build(["--Log:Kind", "Memory", "--Urls", "http://127.0.0.1:0"]);
        var document = await app.Services.GetRequiredKeyedService<IOpenApiDocumentProvider>(DocumentEndpoint.Name).GetOpenApiDocumentAsync();
        var described = document.Paths
            .SelectMany(path => path.Value.Operations!.Keys.Select(method => $"{method.Method} {path.Key}")).ToHashSet(StringComparer.Ordinal);

        var routed = ((IEndpointRouteBuilder)app).DataSources
            .SelectMany(source => source.Endpoints).OfType<RouteEndpoint>()
            .SelectMany(endpoint => Methods(endpoint).Select(method => $"{method} {endpoint.RoutePattern.RawText}")).ToHashSet(StringComparer.Ordinal);

        Assert.Empty(described.Except(routed));
        Assert.Empty(routed.Except(described));
    }

    // The hub's own path takes every method; to a client it is a GET.
    private static IEnumerable<string> Methods(RouteEndpoint endpoint)
    {
        var methods = endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? [];
        return methods.Count > 0 ? methods.Where(method => method != "OPTIONS") : ["GET"];
    }
}
