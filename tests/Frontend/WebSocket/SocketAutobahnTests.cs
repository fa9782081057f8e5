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
            await client.SendAsync(bytes, chop);
            if (!isCut) await client.SendAsync(ClientFrame.Ping(EndOfCase));
            var answers = new List<string>();
            while (await client.NextAsync() is { } answer && answer != $"pong {EndOfCase}")
            {
                answers.Add(answer);
                if (!answer.StartsWith("close", StringComparison.Ordinal)) continue;
                await loopback.EndsAsync(client);
                break;
            }

            return [.. answers];
        }
    }
}
