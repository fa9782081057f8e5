using Microsoft.OpenApi;

namespace Interactions.Frontend.Api.OpenApi;

/// <summary>Registers the API's description.</summary>
internal static class OpenApiServices
{
    public static void AddApiDescription(this IServiceCollection services)
    {
        services.AddOpenApi(DocumentEndpoint.Name, options =>
        {
            options.OpenApiVersion = OpenApiSpecVersion.OpenApi3_1;
            options.ShouldInclude = _ => false; // ApiDocument names every call itself
            options.AddDocumentTransformer<ApiDocument>();
        });
        services.AddSingleton<DocumentEndpoint>();
    }
}
