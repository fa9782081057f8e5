using Xunit;

namespace Interactions.Tests.Frontend.WebSocket;

/// <summary>The cases on real connections.</summary>
public abstract class SocketAutobahnTests(Loopback loopback) : AutobahnCases
{
    private const string EndOfCase = "end of case";

    protected override async Task<string[]> AnswersAsync(byte[] bytes, int chop = int.MaxValue, bool isCut = false)
    {
        var (client, _) = await loopback.OpenAsync(cursor => new Echo(cursor), LongestMessageBytes);
        using (client)
        {
            // What is answered is read meanwhile, or both sides could wait for the other to read.
            var sending = SendAsync(client, bytes, chop, isCut);
            var answers = new List<string>();
            while (await client.NextAsync() is { } answer && answer != $"pong {EndOfCase}")
            {
                answers.Add(answer);
                if (!answer.StartsWith("close", StringComparison.Ordinal)) continue;
                await SentAsync(sending);
                await loopback.EndsAsync(client);
                return [.. answers];
            }

            await sending;
            return [.. answers];
        }
    }

    /// <summary>The rest of what the server does not want any more.</summary>
    private protected virtual Task SentAsync(Task sending) => sending;

    private static async Task SendAsync(RawClient client, byte[] bytes, int chop, bool isCut)
    {
        await client.SendAsync(bytes, chop);
        if (!isCut) await client.SendAsync(ClientFrame.Ping(EndOfCase));
    }
}
