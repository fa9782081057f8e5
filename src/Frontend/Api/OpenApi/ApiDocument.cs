using Interactions.Frontend.Api.OpenApi.Operations;
using Interactions.Frontend.Api.OpenApi.Schemas;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Interactions.Frontend.Api.OpenApi;

/// <summary>
/// Describes the API. The endpoints read and write JSON by hand, so nothing here is inferred from types:
/// <c>Operations/</c> has the calls, <c>Schemas/</c> the bodies. Tests hold both to the routes and to real answers.
/// </summary>
internal sealed class ApiDocument : IOpenApiDocumentTransformer
{
    public Task TransformAsync(OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancellationToken)
    {
        document.Info = new OpenApiInfo
        {
            Title = "Interactions",
            Version = "v1",
            Description = "Live streams, and what their audiences do on them. docs/protocol.md is the contract in words, docs/api.md shows every call. "
                + "HEAD is answered as GET, without a body; another method than those described by 405 with `Allow`. A body may be sent with `Content-Encoding` gzip or br. "
                + "Whole numbers may be written `3`, `3.0` or `3e0`. "
                + "Fields may be added: ignore those that you don't know.",
            License = new OpenApiLicense { Name = "MIT", Identifier = "MIT" },
        };
        document.Servers = [new OpenApiServer { Url = "/" }];
        document.Tags = new HashSet<OpenApiTag>
        {
            new() { Name = "streams", Description = "Make, change, start, end, list and delete streams." },
            new() { Name = "interactions", Description = "Send, and read what was sent." },
            new() { Name = "watching", Description = "Frames as they come: Server-Sent Events, WebSocket, SignalR." },
            new() { Name = "operating", Description = "Health, metrics, and tokens for development." },
        };
        document.Components = new OpenApiComponents
        {
            Schemas = new Dictionary<string, IOpenApiSchema>(),
            SecuritySchemes = SecuritySchemes.All(),
            Parameters = new Dictionary<string, IOpenApiParameter>
            {
                ["streamId"] = new OpenApiParameter
                {
                    Name = "id", In = ParameterLocation.Path, Required = true, Description = "The stream's id.", Schema = Names.StreamId(),
                },
            },
        };
        (string Name, IOpenApiSchema Schema)[] schemas =
        [
            .. StreamSchemas.All(), .. InteractionSchemas.All(), .. ResultSchemas.All(), .. FrameSchemas.All(), .. ReadSchemas.All(),
            .. LogSchemas.All(), .. SocketSchemas.All(), .. ProblemSchema.All(), .. OperatorSchemas.All(),
        ];
        foreach (var (name, schema) in schemas) document.Components.Schemas[name] = schema;

        document.Paths = [];
        foreach (var call in (Call[])[.. StreamCalls.All(), .. InteractionCalls.All(), .. WatchingCalls.All(), .. OperatorCalls.All()])
        {
            if (!document.Paths.TryGetValue(call.Path, out var path)) document.Paths[call.Path] = path = new OpenApiPathItem { Operations = [] };
            path.Operations![call.Method] = call.Operation;
        }

        document.RegisterComponents();
        document.SetReferenceHostDocument();
        return Task.CompletedTask;
    }
}
