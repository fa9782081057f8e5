using Interactions.Contracts;
using Interactions.Frontend.Api;
using Interactions.Frontend.Telemetry;
using Interactions.Frontend.Wire;

namespace Interactions.Frontend.Admission;

/// <summary>
/// Lets viewers in, or says why not. Every transport asks it, whichever way the connection came, so that all give the same
/// answers. <see cref="MayConnect"/> first: it costs little and is answered over HTTP by every transport.
/// </summary>
internal sealed class Admittance(Gatekeeper gate, ConnectBudget budget, ConnectionCaps caps, Draining draining, ConnectionLog log)
{
    /// <summary>Whether anyone may connect now, and from this page.</summary>
    public bool MayConnect(HttpContext http, Transport transport, out Refusal refusal)
    {
        if (!gate.AllowsOrigin(http)) refusal = new(Code.Forbidden, "This origin is not allowed.");
        else if (draining.HasBegun) refusal = new(Code.Unavailable, "This frontend is draining.", ConnectBudget.RetryAfter());
        else if (!budget.TryTake()) refusal = new(Code.Unavailable, "Too many connect at the same time.", ConnectBudget.RetryAfter());
        else
        {
            refusal = default;
            return true;
        }

        log.Refused(transport, refusal.Code);
        return false;
    }

    /// <summary>Whether this client may watch this stream now.</summary>
    /// <param name="resume">Where the client says it is; anything but a position means nowhere.</param>
    /// <returns>Whom to let in; null: the refusal says why not.</returns>
    public async ValueTask<(Admitted? Admitted, Refusal Refusal)> AdmitAsync(HttpContext http, Transport transport, string stream, string? resume)
    {
        if (gate.TryWatch(http, stream, out var identity, out var refusal))
        {
            if (await FindAsync(transport, stream, http.RequestAborted) is { } missing) refusal = missing;
            else if (TryCount(http, identity, out var permit, out refusal)) return (new Admitted(identity, Position.TryParse(resume, out var place) ? place : null, permit), default);
        }

        log.Refused(transport, refusal.Code);
        return (null, refusal);
    }

    /// <summary>Whether one more connection of this client is within the caps.</summary>
    /// <param name="permit">When it is: to be disposed when the connection ends; null while nothing is counted.</param>
    public bool TryCount(HttpContext http, Identity? identity, out ConnectionPermit? permit, out Refusal refusal)
    {
        refusal = default;
        if (caps.TryTake(http.Connection.RemoteIpAddress, identity?.User, out permit, out var problem)) return true;
        refusal = new(Code.TooManyConnections, problem, ConnectBudget.RetryAfter());
        return false;
    }

    /// <returns>Why the stream can't be watched now; null: it is there.</returns>
    private async ValueTask<Refusal?> FindAsync(Transport transport, string stream, CancellationToken cancellationToken)
    {
        try
        {
            return await gate.ExistsAsync(stream, cancellationToken) ? null : Refusal.NoSuchStream;
        }
        catch (Exception failed) when (failed is not OperationCanceledException)
        {
            if (Failure.CodeOf(failed) == Code.Internal) log.Broken(transport, failed);
            return Refusal.Of(failed);
        }
    }
}
