using System.Text.Json.Nodes;
using Interactions.Contracts;
using Microsoft.OpenApi;

namespace Interactions.Frontend.Api.OpenApi;

/// <summary>One call of the API, put together in the order one reads it: who may, what goes in, what comes out, what goes wrong.</summary>
internal sealed class Call
{
    private const string Json = "application/json";

    private Call(HttpMethod method, string path, OpenApiOperation operation)
    {
        Method = method;
        Path = path;
        Operation = operation;
    }

    public HttpMethod Method { get; }

    public string Path { get; }

    public OpenApiOperation Operation { get; }

    /// <param name="path">As routed; an <c>{id}</c> in it is a stream's.</param>
    public static Call Of(HttpMethod method, string path, string id, string tag, string summary, string? description = null)
    {
        var call = new Call(method, path, new OpenApiOperation
        {
            OperationId = id,
            Summary = summary,
            Description = description,
            Tags = new HashSet<OpenApiTagReference> { new(tag) },
            Parameters = [],
            Responses = [],
            Security = [],
        });
        if (path.Contains("{id}", StringComparison.Ordinal)) call.Operation.Parameters!.Add(new OpenApiParameterReference("streamId"));
        return call;
    }

    /// <summary>Needs a token.</summary>
    public Call WithToken()
    {
        foreach (var scheme in SecuritySchemes.Names)
            Operation.Security!.Add(new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(scheme)] = [] });
        return this;
    }

    /// <summary>Needs a token only where <c>Auth:Anonymous</c> is <c>none</c>.</summary>
    public Call ForWatchers()
    {
        Operation.Security!.Add([]);
        return WithToken();
    }

    public Call Query(string name, OpenApiSchema schema, string what) => Parameter(ParameterLocation.Query, name, schema, what);

    public Call Header(string name, OpenApiSchema schema, string what) => Parameter(ParameterLocation.Header, name, schema, what);

    /// <summary>Takes JSON.</summary>
    public Call Takes(IOpenApiSchema schema, string what, bool isRequired = true, params IEnumerable<(string Name, string Json)> examples)
    {
        var media = new OpenApiMediaType { Schema = schema };
        foreach (var (name, json) in examples)
        {
            media.Examples ??= new Dictionary<string, IOpenApiExample>();
            media.Examples[name] = new OpenApiExample { Value = JsonNode.Parse(json) };
        }

        Operation.RequestBody = new OpenApiRequestBody
        {
            Description = what, Required = isRequired, Content = new Dictionary<string, OpenApiMediaType> { [Json] = media },
        };
        return this;
    }

    /// <summary>Answers JSON of a component, or nothing.</summary>
    public Call Answers(int status, string what, string? component = null) =>
        component is null
            ? Answers(status, what, null, null)
            : Answers(status, what, Json, new OpenApiMediaType { Schema = JsonSchema.See(component) });

    public Call Answers(int status, string what, string? contentType, OpenApiMediaType? media)
    {
        var response = new OpenApiResponse { Description = what };
        if (contentType is not null) response.Content = new Dictionary<string, OpenApiMediaType> { [contentType] = media! };
        Operation.Responses![$"{status}"] = response;
        return this;
    }

    /// <summary>Says in a header of an answer what is not in its body.</summary>
    public Call Says(int status, string header, OpenApiSchema schema, string what)
    {
        var response = (OpenApiResponse)Operation.Responses![$"{status}"];
        response.Headers ??= new Dictionary<string, IOpenApiHeader>();
        response.Headers[header] = new OpenApiHeader { Description = what, Schema = schema };
        return this;
    }

    /// <summary>Problems it may be answered with, by the status that the table of codes gives them.</summary>
    public Call Fails(params IEnumerable<Code> codes)
    {
        foreach (var status in codes.Append(Code.Internal).Distinct().GroupBy(code => code.Info().HttpStatus).OrderBy(group => group.Key))
        {
            var meanings = status.Select(code => $"`{code.Info().Name}`: {code.Info().Meaning}");
            Answers(status.Key, string.Join(" ", meanings), Problem.ContentType, new OpenApiMediaType { Schema = JsonSchema.See("Problem") });
            if (status.Key is 429 or 503) Says(status.Key, "Retry-After", JsonSchema.Whole(null, 1), "Seconds until the same may succeed.");
            if (status.Key is 415) Says(415, "Accept-Encoding", JsonSchema.Only(ContentCoding.Accepted), "Where the body's `Content-Encoding` was not understood.");
            if (status.Key is 401) Says(status.Key, "WWW-Authenticate", JsonSchema.Only("Bearer"), "How to sign in.");
        }

        return this;
    }

    private Call Parameter(ParameterLocation place, string name, OpenApiSchema schema, string what)
    {
        Operation.Parameters!.Add(new OpenApiParameter { In = place, Name = name, Schema = schema, Description = what });
        return this;
    }
}
