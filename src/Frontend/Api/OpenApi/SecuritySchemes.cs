using Microsoft.OpenApi;

namespace Interactions.Frontend.Api.OpenApi;

/// <summary>The two ways to bring a token.</summary>
internal static class SecuritySchemes
{
    public static IReadOnlyList<string> Names { get; } = ["bearer", "accessToken"];

    public static Dictionary<string, IOpenApiSecurityScheme> All() => new()
    {
        ["bearer"] = new OpenApiSecurityScheme
        {
            Type = SecuritySchemeType.Http,
            Scheme = "bearer",
            BearerFormat = "JWT",
            Description = "HS256 with `Auth:Key`, or RS256/ES256 from `Auth:Jwks`. Claims: `sub`, `name`, `role` "
                + "(`viewer`, `moderator`, `broadcaster`, `admin`), `streams` (ids or `prefix*`; absent = all), `exp`.",
        },
        ["accessToken"] = new OpenApiSecurityScheme
        {
            Type = SecuritySchemeType.ApiKey,
            In = ParameterLocation.Query,
            Name = "access_token",
            Description = "The same token, where a browser can't set headers (EventSource, WebSocket). The service never logs it.",
        },
    };
}
