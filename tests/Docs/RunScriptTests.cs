using Interactions.Tests.EndToEnd.Harness;
using Xunit;

namespace Interactions.Tests.Docs;

/// <summary>What run.sh itself says, with a dotnet that does nothing.</summary>
public sealed class RunScriptTests : IDisposable
{
    private const string Address = "Interactions on http://127.0.0.1:5081 (Ctrl+C stops it)";
    private const string Building = "run.sh: building";

    private readonly string _folder = Directory.CreateTempSubdirectory("interactions-run-").FullName;

    [Fact]
    public async Task It_says_where_the_service_is_and_that_the_first_build_takes_long()
    {
        var said = await RunAsync("--Urls", "http://127.0.0.1:5081");
        Assert.Contains(Address, said, StringComparison.Ordinal);
        Assert.Contains(Building, said, StringComparison.Ordinal);
        Assert.Contains("Interactions.Frontend.dll --Urls http://127.0.0.1:5081", said, StringComparison.Ordinal);

        await File.WriteAllTextAsync(Path.Combine(_folder, "src", "Frontend", "bin", "Service", "Interactions.Frontend.dll"), "");
        Assert.DoesNotContain(Building, await RunAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_builds_when_a_source_is_newer_than_the_last_build_and_not_otherwise()
    {
        var source = Path.Combine(Directory.CreateDirectory(Path.Combine(_folder, "src", "Frontend")).FullName, "Program.cs");
        await File.WriteAllTextAsync(source, "");
        await RunAsync();
        await File.WriteAllTextAsync(Path.Combine(_folder, "src", "Frontend", "bin", "Service", "Interactions.Frontend.dll"), "");
        Assert.Equal(1, await BuildsAsync());
        await RunAsync();
        Assert.Equal(1, await BuildsAsync());

        File.SetLastWriteTimeUtc(source, DateTime.UtcNow.AddMinutes(1));
        await RunAsync();
        Assert.Equal(2, await BuildsAsync());

        File.Delete(source);
        await RunAsync();
        Assert.Equal(3, await BuildsAsync());
    }

    [Theory]
    [InlineData("--help")]
    [InlineData("--version")]
    public async Task It_names_no_address_when_nothing_will_listen(string question) =>
        Assert.DoesNotContain("Interactions on", await RunAsync(question, "--Urls", "http://127.0.0.1:5081"), StringComparison.Ordinal);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private async Task<string> RunAsync(params string[] arguments)
    {
        var script = Path.Combine(_folder, "run.sh");
        var dotnet = Path.Combine(_folder, "dotnet");
        File.Copy(Path.Combine(Repository.Root, "run.sh"), script, overwrite: true);
        await File.WriteAllTextAsync(dotnet, "#!/bin/sh\necho \"$@\" | tee -a \"$(dirname \"$0\")/calls\"\n");
        foreach (var folder in (string[])[Path.Combine("src", "Frontend"), Path.Combine("clients", "js", "src")]) Directory.CreateDirectory(Path.Combine(_folder, folder));
        foreach (var file in (string[])["global.json", "Directory.Build.props"])
            if (!File.Exists(Path.Combine(_folder, file))) await File.WriteAllTextAsync(Path.Combine(_folder, file), "{}");
        await Command.RunAsync("chmod", "+x", dotnet);
        return await Command.RunAsync("env", [$"PATH={_folder}:{Environment.GetEnvironmentVariable("PATH")}", "bash", script, .. arguments]);
    }

    private async Task<int> BuildsAsync() => (await File.ReadAllLinesAsync(Path.Combine(_folder, "calls"))).Count(line => line.StartsWith("publish", StringComparison.Ordinal));
}
