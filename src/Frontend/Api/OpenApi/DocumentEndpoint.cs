using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Interactions.Frontend.Api.OpenApi;

/// <summary><c>GET /openapi/v1.json</c>. The document is built at the first request, never at start, and its bytes are kept.</summary>
/// <remarks>
/// What builds it lives in a container of its own for that long: a service that is never asked for the document does not load
/// its assemblies, which are 5 MB.
/// </remarks>
internal sealed class DocumentEndpoint
{
    private const string Name = "v1";

    private readonly IHostEnvironment _environment;
    private readonly ILoggerFactory _loggers;
    private readonly SharedWork<byte[]> _building;
    private volatile byte[]? _json;

    public DocumentEndpoint(IHostEnvironment environment, ILoggerFactory loggers)
    {
        (_environment, _loggers) = (environment, loggers);
        _building = new(async () => _json ??= await EncodeAsync(), TimeSpan.Zero, TimeProvider.System);
    }

    public async Task WriteAsync(HttpContext http)
    {
        await Json.WriteAsync(http, _json ?? await _building.DoAsync(http.RequestAborted));
    }

    public async Task<OpenApiDocument> DescribeAsync(CancellationToken cancellationToken)
    {
        var services = new ServiceCollection()
            .AddSingleton(_environment)
            .AddSingleton(_loggers)
            .AddLogging()
            .AddRouting(); // of no endpoints: ApiDocument names every call itself
        services.AddApiDescription(Name);
        await using var provider = services.BuildServiceProvider();
        return await provider.GetRequiredKeyedService<IOpenApiDocumentProvider>(Name).GetOpenApiDocumentAsync(cancellationToken);
    }

    private async Task<byte[]> EncodeAsync()
    {
        var document = await DescribeAsync(CancellationToken.None);
        using var bytes = new MemoryStream();
        await document.SerializeAsJsonAsync(bytes, OpenApiSpecVersion.OpenApi3_1);
        bytes.Write("\n"u8);
        return bytes.ToArray();
    }
}
