using System.Text;
using Interactions.Frontend.Transports.WebSocket;

namespace Interactions.Tests.Frontend.WebSocket;

/// <summary>What a decoder hears, as the answers of an echo server.</summary>
internal static class Transcript
{
    public static List<string> Of(FrameDecoder decoder, byte[] bytes)
    {
        var answers = new List<string>();
        Memory<byte> rest = bytes.ToArray();
        while (decoder.Read(ref rest, out var payload) is var heard and not DecodedFrame.Nothing)
        {
            switch (heard)
            {
                case DecodedFrame.Message: answers.Add($"text {Encoding.UTF8.GetString(payload.Span)}"); break;
                case DecodedFrame.Ping: answers.Add($"pong {Encoding.UTF8.GetString(payload.Span)}"); break;
                case DecodedFrame.Close or DecodedFrame.Broken: answers.Add($"close {decoder.Code}"); break;
                default: break;
            }
        }

        return answers;
    }
}
