using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using Interactions.Frontend.Transports.SignalR;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Protocol;

namespace Interactions.Tests.Frontend.SignalR;

/// <summary>A hub protocol by name alone: takes what is encoded already, and can't encode.</summary>
internal sealed class JsonOnly : IHubProtocol
{
    public string Name => InteractionsProtocol.JsonName;

    public int Version => 1;

    public TransferFormat TransferFormat => TransferFormat.Text;

    public bool IsVersionSupported(int version) => true;

    public ReadOnlyMemory<byte> GetMessageBytes(HubMessage message) => throw new NotSupportedException();

    public bool TryParseMessage(ref ReadOnlySequence<byte> input, IInvocationBinder binder, [NotNullWhen(true)] out HubMessage? message) => throw new NotSupportedException();

    public void WriteMessage(HubMessage message, IBufferWriter<byte> output) => throw new NotSupportedException();
}
