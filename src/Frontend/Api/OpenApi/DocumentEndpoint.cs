using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Interactions.Frontend.Api.OpenApi;

/// <summary><c>GET /openapi/v1.json</c>. The document is built at the first request, never at start, and its bytes are kept.</summary>
internal sealed class DocumentEndpoint([FromKeyedServices(DocumentEndpoint.Name)] IOpenApiDocumentProvider documents)
{
    public const string Name = "v1";

    private volatile byte[]? _json;

    public async Task WriteAsync(HttpContext http)
    {
        // Two first requests build it twice, to the same bytes.
        var json = _json ??= await EncodeAsync(http.RequestAborted);
        await Json.WriteAsync(http, json);
    }

    private async Task<byte[]> EncodeAsync(CancellationToken cancellationToken)
    {
        var document = await documents.GetOpenApiDocumentAsync(cancellationToken);
        using var bytes = new MemoryStream();
        await document.SerializeAsJsonAsync(bytes, OpenApiSpecVersion.OpenApi3_1, cancellationToken);
        bytes.Write("\n"u8);
        return bytes.ToArray();
    }
}
