using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Protocol;

namespace Interactions.Frontend.Transports.SignalR;

/// <summary>
/// SignalR refuses a call that leaves out an optional argument; the protocol page has some
/// (<c>Watch(streamId, position?)</c>, <c>Ping(latencyMs?)</c>). This reads such a call as if null had been sent.
/// </summary>
internal sealed class OptionalArgumentsProtocol(IHubProtocol inner, IReadOnlyCollection<string> targets) : IHubProtocol
{
    public string Name => inner.Name;

    public int Version => inner.Version;

    public TransferFormat TransferFormat => inner.TransferFormat;

    public ReadOnlyMemory<byte> GetMessageBytes(HubMessage message) => inner.GetMessageBytes(message);

    public bool IsVersionSupported(int version) => inner.IsVersionSupported(version);

    public void WriteMessage(HubMessage message, IBufferWriter<byte> output) => inner.WriteMessage(message, output);

    public bool TryParseMessage(ref ReadOnlySequence<byte> input, IInvocationBinder binder, [NotNullWhen(true)] out HubMessage? message)
    {
        var again = input;
        if (!inner.TryParseMessage(ref input, binder, out message)) return false;
        if (message is not InvocationBindingFailureMessage failure || !targets.Contains(failure.Target)) return true;
        if (!inner.TryParseMessage(ref again, new WithoutLast(binder), out var shorter)) return true;
        message = shorter switch
        {
            StreamInvocationMessage call => new StreamInvocationMessage(call.InvocationId!, call.Target, [.. call.Arguments, null], call.StreamIds) { Headers = call.Headers },
            InvocationMessage call => new InvocationMessage(call.InvocationId, call.Target, [.. call.Arguments, null], call.StreamIds) { Headers = call.Headers },
            _ => message,
        };
        return true;
    }

    private sealed class WithoutLast(IInvocationBinder binder) : IInvocationBinder
    {
        public Type GetReturnType(string invocationId) => binder.GetReturnType(invocationId);

        public IReadOnlyList<Type> GetParameterTypes(string methodName) => [.. binder.GetParameterTypes(methodName).SkipLast(1)];

        public Type GetStreamItemType(string streamId) => binder.GetStreamItemType(streamId);
    }
}
