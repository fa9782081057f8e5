using Microsoft.OpenApi;

namespace Interactions.Frontend.Api.OpenApi;

/// <summary>Registers what makes the API's description.</summary>
internal static class OpenApiServices
{
    public static void AddApiDescription(this IServiceCollection services, string name)
    {
        services.AddOpenApi(name, options =>
        {
            options.OpenApiVersion = OpenApiSpecVersion.OpenApi3_1;
            options.AddDocumentTransformer<ApiDocument>();
        });
    }
}
