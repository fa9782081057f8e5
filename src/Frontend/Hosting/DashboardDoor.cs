using Interactions.Contracts;
using Interactions.Frontend.Admission;
using Interactions.Frontend.Api;

namespace Interactions.Frontend.Hosting;

/// <summary>
/// Lets admins to the dashboard. A browser can't send a token with what a page loads, so one that opens the page with
/// <c>?access_token=</c> is given it back as a cookie, for these paths alone.
/// </summary>
internal sealed class DashboardDoor(TokenVerifier tokens)
{
    public const string Path = "/orleans";

    private const string Cookie = "interactions.dashboard";

    // The page is Orleans': its scripts and fonts are in its package, and it styles elements in place.
    private const string Policy =
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; connect-src 'self'; "
        + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    public Task EnterAsync(HttpContext http, RequestDelegate next)
    {
        if (!http.Request.Path.StartsWithSegments(Path, out var rest)) return next(http);
        PageHeaders.Write(http);
        http.Response.Headers.ContentSecurityPolicy = Policy;
        if (!TryIdentify(http, out var identity, out var refusal)) return Problem.WriteAsync(http, refusal.Code, refusal.Detail);
        if (!Permissions.OperatesCluster(identity)) return Problem.WriteAsync(http, Code.Forbidden, "The dashboard is for admins of all streams.");
        if (!IsPage(rest) || http.Request.Query["access_token"] is not [{ } token]) return next(http);
        http.Response.Cookies.Append(Cookie, token, new CookieOptions
        {
            HttpOnly = true, Secure = http.Request.IsHttps, SameSite = SameSiteMode.Lax, Path = Path,
        });
        http.Response.Redirect(Path + "/");
        return Task.CompletedTask;
    }

    private static bool IsPage(PathString rest) => !rest.HasValue || rest == "/";

    private bool TryIdentify(HttpContext http, out Identity? identity, out Refusal refusal)
    {
        if (!Gatekeeper.TryIdentify(tokens, http, out identity, out refusal)) return false;
        if (identity is not null) return true;
        refusal = new(Code.Unauthorized, "A token is needed.");
        if (http.Request.Cookies[Cookie] is not { } token) return false;
        if (tokens.TryVerify(token, out identity, out var problem)) return true;
        refusal = new(Code.Unauthorized, problem);
        return false;
    }
}
