namespace Interactions.Frontend.Api;

/// <summary>What browsers are told about the page: nothing from elsewhere, no script in the text.</summary>
internal sealed class PageHeaders(RequestDelegate next)
{
    private const string Policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self' ws: wss:; "
        + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    public Task InvokeAsync(HttpContext http)
    {
        Write(http);
        return next(http);
    }

    public static void Write(HttpContext http)
    {
        http.Response.Headers.XContentTypeOptions = "nosniff";
        http.Response.Headers["Referrer-Policy"] = "no-referrer";
        if (!http.Request.Path.StartsWithSegments("/v1"))
        {
            http.Response.Headers.ContentSecurityPolicy = Policy;

            // The page is many modules: after an update, none of the old ones may be mixed with the new. ETags make asking cheap.
            http.Response.Headers.CacheControl = "no-cache";
        }
    }
}
