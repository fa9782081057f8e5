using Interactions.Tests.EndToEnd.Harness;
using Xunit;

namespace Interactions.Tests.EndToEnd.Damage;

/// <summary>A data folder that can't be used, is somebody else's, or is full.</summary>
[Collection(EndToEndCollection.Name)]
public sealed class FolderTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("interactions-folder-").FullName;
    private string? _mounted;

    public void Dispose()
    {
        if (_mounted is not null) Command.RunAsync("umount", "-l", _mounted).GetAwaiter().GetResult();
        Directory.Delete(_folder, recursive: true);
    }

    [Theory]
    [InlineData("a file in its place", "has to name a folder")]
    [InlineData("a file in its path", "can't use the folder")]
    [InlineData("read-only", "Read-only file system")]
    [InlineData("a lock that is a folder", "LOCK")]
    [InlineData("a log that is a file", "is a file")]
    [InlineData("a mark that is a folder", "log.mark is a folder")]
    [InlineData("the journal of earlier versions", "another format")]
    public async Task A_folder_that_cannot_be_used_is_refused_in_one_line_with_1(string kind, string told)
    {
        var path = Path.Combine(_folder, "data");
        Directory.CreateDirectory(path);
        switch (kind)
        {
            case "a file in its place":
                Directory.Delete(path);
                await File.WriteAllTextAsync(path, "");
                break;
            case "a file in its path":
                await File.WriteAllTextAsync(Path.Combine(path, "file"), "");
                path = Path.Combine(path, "file", "data");
                break;
            case "read-only":
                await MountAsync(path, "size=1m,ro");
                break;
            case "a lock that is a folder":
                Directory.CreateDirectory(Path.Combine(path, "log", "LOCK"));
                break;
            case "a log that is a file":
                await File.WriteAllTextAsync(Path.Combine(path, "log"), "");
                break;
            case "a mark that is a folder":
                Directory.CreateDirectory(Path.Combine(path, "log.mark"));
                break;
            default:
                await File.WriteAllTextAsync(Path.Combine(path, "journal-00000001.log"), "");
                break;
        }

        await AssertRefusedAsync(path, told);
    }

    [Fact]
    public async Task A_second_process_is_refused_also_when_every_file_that_looks_like_a_lock_was_removed()
    {
        await using var service = await ServiceProcess.StartAsync();
        await AssertRefusedAsync(service.Folder, "is in use by process");
        foreach (var file in Directory.EnumerateFiles(service.Folder, "*", SearchOption.AllDirectories).Where(file => file.EndsWith("lock", StringComparison.OrdinalIgnoreCase)))
            File.Delete(file);
        await AssertRefusedAsync(service.Folder, "is in use by process");
        Assert.Equal(200, await service.ReadinessAsync());
    }

    [Fact]
    public async Task A_full_disk_is_answered_and_read_from_and_takes_again_when_there_is_room()
    {
        await MountAsync(_folder, "size=3m");
        await using var service = await ServiceProcess.StartAsync("--Log:Path", _folder, "--Limits:InteractionsPerSecondPerUser", "100000");
        using var owner = await Client.SignInAsync(service, "owner", "broadcaster");
        await owner.GoLiveAsync("a");
        await owner.AcceptedAsync("a", new { type = "comment", text = "before" });
        var filler = Path.Combine(_folder, "filler");
        await Command.RunAsync("sh", "-c", $"cat /dev/zero > {filler} 2>/dev/null; true");

        var taken = 1;
        var full = 0;
        for (var i = 0; full < 5 && i < 2000; i++)
        {
            var answer = await owner.CallAsync(HttpMethod.Post, "streams/a/interactions", $$"""{"type":"comment","text":"{{i}} {{new string('x', 400)}}"}""");
            if (answer.Status == 200) taken++;
            else Assert.Equal("unavailable", answer.Problem(503));
            full += answer.Status == 200 ? 0 : 1;
        }

        Assert.Equal(5, full);
        (await owner.GetAsync("streams/a")).Expect(200);
        Assert.Equal(200, (await owner.GetAsync("streams/a/log?limit=10")).Status);
        File.Delete(filler);
        var until = DateTime.UtcNow.AddSeconds(20);
        while ((await owner.CallAsync(HttpMethod.Post, "streams/a/interactions", """{"type":"comment","text":"after"}""")).Status != 200)
            Assert.True(DateTime.UtcNow < until, "It takes nothing 20 s after there was room.");
        taken++;
        Assert.Equal(taken, (await DamageTests.CommentsAsync(service, "a")).Count);
        Assert.Single(service.Output.Split('\n'), line => line.Contains("can't be written", StringComparison.Ordinal));

        await service.KillAsync();
        await service.StartAgainAsync();
        Assert.Equal(taken, (await DamageTests.CommentsAsync(service, "a")).Count);
    }

    private static async Task AssertRefusedAsync(string path, string told)
    {
        var (code, output) = await ServiceRun.ToItsEndAsync("--Urls", "http://127.0.0.1:0", "--Auth:Dev", "true", "--Log:Path", path);
        Assert.Equal(1, code);
        Assert.Contains(told, Assert.Single(output.Split('\n', StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
    }

    private async Task MountAsync(string path, string options)
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "Only root mounts a file system.");
        await Command.RunAsync("mount", "-t", "tmpfs", "-o", options, "tmpfs", path);
        _mounted = path;
    }
}
