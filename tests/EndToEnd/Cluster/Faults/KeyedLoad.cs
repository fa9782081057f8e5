using System.Globalization;
using System.Text.Json;
using Interactions.Tests.EndToEnd.Harness;

namespace Interactions.Tests.EndToEnd.Cluster.Faults;

/// <summary>Sends reactions and comments with keys, and sends what was not answered again, to any node, until it is.</summary>
/// <param name="nodes">The same user at every node; to the next one when there was no answer.</param>
/// <param name="commentEvery">Every how many are a comment.</param>
internal sealed class KeyedLoad(string stream, Client[] nodes, int home, TimeSpan every, int commentEvery)
{
    public const string Kind = "keyed";
    private readonly Dictionary<string, string> _idOfText = [];
    private Item? _pending;
    private int _node = home;
    private int _next;

    /// <summary>Reactions that were acknowledged.</summary>
    public long Acknowledged { get; private set; }

    /// <summary>How often something was sent again because its outcome was unknown.</summary>
    public int Retries { get; private set; }

    /// <summary>The id that each comment was acknowledged under.</summary>
    public IReadOnlyDictionary<string, string> IdOfText => _idOfText;

    public async Task RunAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            _pending ??= Make();
            await SendPendingAsync();
            await Pace.AfterAsync(every, stop);
        }
    }

    /// <summary>Returns when all that was sent has its answer.</summary>
    public async Task SettleAsync()
    {
        for (var tries = 0; _pending is not null; tries++)
        {
            if (tries > 300) throw new TimeoutException($"There was never an answer to {_pending.Json}");
            if (tries > 0) await Task.Delay(100);
            await SendPendingAsync();
        }
    }

    /// <summary>Sends a comment to this node until it is taken, and gives its id.</summary>
    public async Task<string> CommentAsync(int node)
    {
        await SettleAsync();
        _node = node;
        var item = _pending = Make(comment: true);
        await SettleAsync();
        return _idOfText[item.Text!];
    }

    private async Task SendPendingAsync()
    {
        if (_pending is not { } item) return;
        try
        {
            var answer = await nodes[_node].CallAsync(HttpMethod.Post, $"streams/{stream}/interactions", item.Json);
            if (answer.Status == 503)
            {
                Retries++;
                return;
            }

            var result = answer.Expect(200).GetProperty("results")[0];
            if (result.GetProperty("status").GetString() != "accepted") throw new InvalidOperationException($"Rejected: {result}");
            if (item.Text is null) Acknowledged += item.Count;
            else _idOfText.Add(item.Text, result.GetProperty("id").GetString()!);
            _pending = null;
        }
        catch (Exception error) when (error is HttpRequestException or TaskCanceledException or IOException)
        {
            Retries++;
            _node = (_node + 1) % nodes.Length;
        }
    }

    private Item Make(bool comment = false)
    {
        var number = ++_next;
        var key = string.Create(CultureInfo.InvariantCulture, $"{nodes[0].User}-{number}");
        var count = (number % 3) + 1;
        if (!comment && number % commentEvery != 0) return new(JsonSerializer.Serialize(new { type = "reaction", kind = Kind, count, key }), null, count);
        var text = $"comment {key}";
        return new(JsonSerializer.Serialize(new { type = "comment", text, key }), text, 0);
    }

    private sealed record Item(string Json, string? Text, int Count);
}
