using System.Net.Sockets;
using System.Text.Json;
using Interactions.Tests.EndToEnd.Harness;

namespace Interactions.Tests.EndToEnd.Cluster.Faults;

/// <summary>Sends taps without a key at a steady pace and keeps account of what was answered. Never sends one again: it could count twice.</summary>
/// <param name="nodes">The same user at every node; to the next one when a node is gone.</param>
internal sealed class TapLoad(string stream, Client[] nodes, int home, TimeSpan every)
{
    public const string Kind = "tap";
    private readonly Random _random = new(home);
    private int _node = home;

    /// <summary>Taps that were acknowledged.</summary>
    public long Acknowledged { get; private set; }

    /// <summary>Taps whose answer never came, or was that the outcome is unknown.</summary>
    public long Unanswered { get; private set; }

    /// <summary>The longest that anyone waited for an answer that it is unknown.</summary>
    public TimeSpan LongestWait { get; private set; }

    public async Task RunAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            await SendAsync(_random.Next(1, 6));
            await Pace.AfterAsync(every, stop);
        }
    }

    private async Task SendAsync(int count)
    {
        var since = TimeProvider.System.GetTimestamp();
        try
        {
            var answer = await nodes[_node].CallAsync(HttpMethod.Post, $"streams/{stream}/interactions", JsonSerializer.Serialize(new { type = "reaction", kind = Kind, count }));
            if (answer.Status == 200)
            {
                if (answer.Json.GetProperty("results")[0].GetProperty("status").GetString() == "accepted") Acknowledged += count;
                else throw new InvalidOperationException($"Rejected: {answer.Text}");
                return;
            }

            if (answer.Problem(503) != "unavailable") throw new InvalidOperationException(answer.Text);
            Unanswered += count;
            var waited = TimeProvider.System.GetElapsedTime(since);
            if (waited > LongestWait) LongestWait = waited;
        }
        catch (HttpRequestException gone) when (gone.InnerException is SocketException { SocketErrorCode: SocketError.ConnectionRefused })
        {
            // It was not sent.
            _node = (_node + 1) % nodes.Length;
        }
        catch (Exception error) when (error is HttpRequestException or TaskCanceledException or IOException)
        {
            Unanswered += count;
            _node = (_node + 1) % nodes.Length;
        }
    }
}
