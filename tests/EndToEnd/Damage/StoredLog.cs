using Interactions.Tests.EndToEnd.Harness;
using Xunit;

namespace Interactions.Tests.EndToEnd.Damage;

/// <summary>
/// A data folder as services leave it that were killed: tables of two lives, and a write-ahead log of a third. Tests damage copies of it.
/// </summary>
public sealed class StoredLog : IAsyncLifetime
{
    public const int Comments = 40;

    /// <summary>Comments that each stream has.</summary>
    public const int All = 3 * Comments;

    private readonly string _folder = Directory.CreateTempSubdirectory("interactions-stored-").FullName;
    private byte[] _earlierMark = [];

    public static IReadOnlyList<string> Streams { get; } = ["a", "ab", "b"];

    /// <summary>As JSON gives them: a position's epoch, by stream.</summary>
    public IReadOnlyDictionary<string, string> Epochs { get; private set; } = new Dictionary<string, string>();

    public async ValueTask InitializeAsync()
    {
        await using var service = await ServiceProcess.StartAsync("--Log:Path", _folder, "--Limits:InteractionsPerSecondPerUser", "100000");
        for (var life = 0; life < 3; life++)
        {
            if (life > 0)
            {
                await service.KillAsync();
                await service.StartAgainAsync();
            }

            using var owner = await Client.SignInAsync(service, "owner", "broadcaster");
            if (life == 0)
            {
                foreach (var stream in Streams) await owner.GoLiveAsync(stream, new { });
            }

            var epochs = new Dictionary<string, string>();
            foreach (var stream in Streams)
            {
                for (var i = 0; i < Comments; i++)
                {
                    if (stream == Streams[^1] && i == Comments - 1) _earlierMark = await File.ReadAllBytesAsync(Path.Combine(_folder, "log.mark"));
                    epochs[stream] = (await owner.AcceptedAsync(stream, new { type = "comment", text = $"{life}.{i} {new string('x', 60)}" })).Split('.')[0];
                }
            }

            Epochs = epochs;
        }

        await service.KillAsync();
    }

    public ValueTask DisposeAsync()
    {
        Directory.Delete(_folder, recursive: true);
        return default;
    }

    internal FolderCopy Copy() => new(_folder, _earlierMark);
}
