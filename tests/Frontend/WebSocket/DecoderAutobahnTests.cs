using Interactions.Frontend.Transports.WebSocket;

namespace Interactions.Tests.Frontend.WebSocket;

/// <summary>The cases on the decoder alone.</summary>
public sealed class DecoderAutobahnTests : AutobahnCases
{
    protected override Task<string[]> AnswersAsync(byte[] bytes, int chop = int.MaxValue, bool isCut = false)
    {
        var decoder = new FrameDecoder(LongestMessageBytes);
        return Task.FromResult(bytes.Chunk(chop).SelectMany(part => Transcript.Of(decoder, part)).ToArray());
    }
}
