using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.ExceptionServices;
using Interactions.Contracts;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Protocol;

namespace Interactions.Frontend.Transports.SignalR;

/// <summary>
/// The JSON hub protocol, with two more arguments than SignalR gives a method. SignalR refuses a call that leaves out an
/// optional argument; the protocol page has some (<c>Watch(streamId, position?)</c>, <c>Ping(latencyMs?)</c>), and such a call
/// is read as if null had been sent. And a streaming method whose last parameter is an <see cref="InvocationId"/> is told its
/// call's; clients can't set it, as to them the parameter is not there. Every error leaves as <c>code: detail</c>.
/// </summary>
/// <param name="longestBytes">What SignalR hears of one message.</param>
internal sealed class InteractionsProtocol(IHubProtocol inner, long longestBytes) : IHubProtocol
{
    /// <summary>What the inner protocol is called; a hub message that is encoded already names what it is encoded for.</summary>
    public const string JsonName = "json";

    /// <summary>Ends each message.</summary>
    public const byte Separator = 0x1E;

    public string Name => inner.Name;

    public int Version => inner.Version;

    public TransferFormat TransferFormat => inner.TransferFormat;

    public ReadOnlyMemory<byte> GetMessageBytes(HubMessage message) => inner.GetMessageBytes(PlainErrors.In(message));

    public bool IsVersionSupported(int version) => inner.IsVersionSupported(version);

    public void WriteMessage(HubMessage message, IBufferWriter<byte> output) => inner.WriteMessage(PlainErrors.In(message), output);

    public bool TryParseMessage(ref ReadOnlySequence<byte> input, IInvocationBinder binder, [NotNullWhen(true)] out HubMessage? message)
    {
        var again = input;
        var visible = new Visible(binder, 0);
        if (!TryParse(ref input, visible, out message)) return false;
        object?[] missing = [];
        if (message is InvocationBindingFailureMessage failure)
        {
            var isKnown = HubCalls.All.TryGetValue(failure.Target ?? "", out var call);
            visible = new Visible(binder, 1);
            if (!call.IsLastOptional || !TryParse(ref again, visible, out var shorter) || shorter is not HubMethodInvocationMessage)
            {
                var wrong = isKnown
                    ? HubErrors.Refused(Code.BadRequest, $"{failure.Target} takes {call.Takes}.")
                    : HubErrors.Refused(Code.NotFound, "The hub has no such method.");
                message = new InvocationBindingFailureMessage(failure.InvocationId, failure.Target!, ExceptionDispatchInfo.Capture(wrong));
                return true;
            }

            (message, missing) = (shorter, [null]);
        }

        if (visible.Hid && message is StreamInvocationMessage { InvocationId: { } id }) missing = [.. missing, new InvocationId(id)];
        if (missing.Length == 0) return true;
        message = message switch
        {
            StreamInvocationMessage call => new StreamInvocationMessage(call.InvocationId!, call.Target, [.. call.Arguments, .. missing], call.StreamIds) { Headers = call.Headers },
            InvocationMessage call => new InvocationMessage(call.InvocationId, call.Target, [.. call.Arguments, .. missing], call.StreamIds) { Headers = call.Headers },
            _ => message,
        };
        return true;
    }

    private bool TryParse(ref ReadOnlySequence<byte> input, Visible binder, [NotNullWhen(true)] out HubMessage? message)
    {
        try
        {
            // Nothing, though something was taken: a message of a type that SignalR passes over, which must not hide those behind it.
            long before;
            do
            {
                before = input.Length;
                if (inner.TryParseMessage(ref input, binder, out message)) return true;
            }
            while (input.Length < before);
        }
        catch (Exception unreadable) when (unreadable is InvalidDataException or FormatException or InvalidOperationException)
        {
            // The last is what the JSON reader says to half a surrogate pair. Of what ends a connection SignalR quotes nothing but this.
            throw HubErrors.Refused(Code.BadRequest, "The connection ended over a message that is not SignalR's.");
        }

        return input.Length < longestBytes ? false : throw HubErrors.Refused(Code.BadRequest, $"The message has more than {longestBytes} bytes.");
    }

    /// <summary>A method as a client sees it, or less the last so many arguments.</summary>
    private sealed class Visible(IInvocationBinder binder, int omitted) : IInvocationBinder
    {
        /// <summary>Whether the method that was asked for takes its call's id.</summary>
        public bool Hid { get; private set; }

        public Type GetReturnType(string invocationId) => binder.GetReturnType(invocationId);

        public IReadOnlyList<Type> GetParameterTypes(string methodName)
        {
            var all = binder.GetParameterTypes(methodName);
            Hid = all.Count > 0 && all[^1] == typeof(InvocationId);
            return [.. all.SkipLast((Hid ? 1 : 0) + omitted)];
        }

        public Type GetStreamItemType(string streamId) => binder.GetStreamItemType(streamId);
    }
}
