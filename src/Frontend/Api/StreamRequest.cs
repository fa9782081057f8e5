using Interactions.Contracts;
using Interactions.Frontend.Admission;
using Interactions.Silo.Nodes;

namespace Interactions.Frontend.Api;

/// <summary>The first steps of every call on a stream: id, token, whether it is there. Answers errors itself.</summary>
internal sealed class StreamRequest(Gatekeeper gate, Node node)
{
    /// <returns>False when the request is answered.</returns>
    public async Task<(bool Ok, Identity? Identity)> AdmitAsync(HttpContext http, string id)
    {
        if (gate.TryWatch(http, id, out var identity, out var refusal)) return (true, identity);
        await Problem.WriteAsync(http, refusal.Code, refusal.Detail);
        return (false, null);
    }

    /// <summary>For calls that need a token.</summary>
    public async Task<Identity?> IdentifyAsync(HttpContext http, string id)
    {
        var refusal = new Refusal(Code.BadRequest, "A stream's id is 1-64 of A-Z a-z 0-9 _ -.");
        if (StreamIds.IsValid(id) && gate.TryIdentify(http, out var identity, out refusal))
        {
            if (identity is null) refusal = new(Code.Unauthorized, "A token is needed.");
            else if (identity.Covers(id)) return identity;
            else refusal = new(Code.Forbidden, "The token is not for this stream.");
        }

        await Problem.WriteAsync(http, refusal.Code, refusal.Detail);
        return null;
    }

    /// <summary>The opened stream, or null when 404 is answered.</summary>
    public async Task<OpenStream?> OpenAsync(HttpContext http, string id)
    {
        if (await node.OpenAsync(id, http.RequestAborted) is { } stream) return stream;
        await Problem.WriteAsync(http, Code.NotFound, "There is no such stream.");
        return null;
    }
}
