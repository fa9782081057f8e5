using Interactions.Contracts;
using Interactions.Contracts.Batches;
using Interactions.Contracts.Interactions;
using Interactions.Contracts.Log;
using Interactions.Silo.Nodes;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Interactions.Tests.Silo.Nodes;

/// <summary>A node on a log, and one live stream on it.</summary>
internal sealed class TestNode : IAsyncDisposable
{
    private TestNode(Node node) => Node = node;

    public Node Node { get; }

    public static async Task<TestNode> StartAsync(IStreamLog log)
    {
        var time = TimeProvider.System;
        var options = new NodeOptions("here", TimeSpan.FromSeconds(120), TimeSpan.FromSeconds(60)) { RosterGrace = TimeSpan.FromMilliseconds(300) };
        var directory = new StreamDirectory(log, time, NullLogger<StreamDirectory>.Instance);
        var node = new Node(log, options, directory, new DeadlineQueue(time), time, NullLogger<OpenStream>.Instance);
        await node.StartAsync();
        return new(node);
    }

    public async Task<OpenStream> GoLiveAsync(string id, SettingsPatch? settings = null)
    {
        await Node.Changes.CreateAsync(id, "owner", settings ?? new SettingsPatch());
        return (await Node.Changes.SetStatusAsync(Node.Directory.Find(id)!, StreamStatus.Live)).Stream!;
    }

    public static Submitted Like(int count = 1, UInt128 key = default) => new("ada", "Ada", false, key, new Reaction("like", count));

    public static Submitted Say(string text, string user = "ada", UInt128 key = default) => new(user, user, false, key, new Comment(text, null));

    public async Task DeleteAsync(string id) => Assert.Equal(ChangeOutcome.Done, (await Node.Changes.DeleteAsync(Node.Directory.Find(id)!)).Outcome);

    public ValueTask DisposeAsync() => Node.DisposeAsync();
}
