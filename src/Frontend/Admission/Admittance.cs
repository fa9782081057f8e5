using Interactions.Contracts;
using Interactions.Frontend.Fanout;
using Interactions.Frontend.Telemetry;

namespace Interactions.Frontend.Admission;

/// <summary>
/// Lets viewers in, or says why not. Every transport asks it, whichever way the connection came, so that all give the same
/// answers. <see cref="MayConnect"/> first: it costs little and is answered over HTTP by every transport.
/// </summary>
internal sealed class Admittance(Gatekeeper gate, ConnectBudget budget, ConnectionCaps caps, Drain drain, ConnectionLog log)
{
    /// <summary>Whether anyone may connect now, and from this page.</summary>
    public bool MayConnect(HttpContext http, Transport transport, out Refusal refusal)
    {
        if (!gate.AllowsOrigin(http)) refusal = new(Code.Forbidden, "This origin is not allowed.");
        else if (drain.IsDraining) refusal = new(Code.Unavailable, "This node is draining.", ConnectBudget.RetryAfter());
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
    public bool TryAdmit(HttpContext http, Transport transport, string stream, string? resume, out Admitted admitted, out Refusal refusal)
    {
        admitted = default;
        if (gate.TryWatch(http, stream, out var identity, out refusal))
        {
            refusal = new(Code.NotFound, "There is no such stream.");
            if (gate.Exists(stream) && TryCount(http, identity, out var permit, out refusal))
            {
                admitted = new Admitted(identity, Position.TryParse(resume, out var place) ? place : null, permit);
                return true;
            }
        }

        log.Refused(transport, refusal.Code);
        return false;
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
}
