using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Interactions.Frontend.Api.OpenApi;

/// <summary><c>GET /openapi/v1.json</c>. The document is built at the first request, never at start, and its bytes are kept.</summary>
/// <remarks>
/// What builds it lives in a container of its own for that long: a service that is never asked for the document does not load
/// its assemblies, which are 5 MB.
/// </remarks>
internal sealed class DocumentEndpoint(IHostEnvironment environment, ILoggerFactory loggers)
{
    private const string Name = "v1";

    private volatile byte[]? _json;

    public async Task WriteAsync(HttpContext http)
    {
        // Two first requests build it twice, to the same bytes.
        var json = _json ??= await EncodeAsync(http.RequestAborted);
        await Json.WriteAsync(http, json);
    }

    public async Task<OpenApiDocument> DescribeAsync(CancellationToken cancellationToken)
    {
        var services = new ServiceCollection()
            .AddSingleton(environment)
            .AddSingleton(loggers)
            .AddLogging()
            .AddRouting(); // of no endpoints: ApiDocument names every call itself
        services.AddApiDescription(Name);
        await using var provider = services.BuildServiceProvider();
        return await provider.GetRequiredKeyedService<IOpenApiDocumentProvider>(Name).GetOpenApiDocumentAsync(cancellationToken);
    }

    private async Task<byte[]> EncodeAsync(CancellationToken cancellationToken)
    {
        var document = await DescribeAsync(cancellationToken);
        using var bytes = new MemoryStream();
        await document.SerializeAsJsonAsync(bytes, OpenApiSpecVersion.OpenApi3_1, cancellationToken);
        bytes.Write("\n"u8);
        return bytes.ToArray();
    }
}
