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

        var built = Directory.CreateDirectory(Path.Combine(_folder, "src", "Frontend", "bin", "Release", "net10.0"));
        await File.WriteAllTextAsync(Path.Combine(built.FullName, "Interactions.Frontend.dll"), "");
        Assert.DoesNotContain(Building, await RunAsync(), StringComparison.Ordinal);
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
        await File.WriteAllTextAsync(dotnet, "#!/bin/sh\necho \"$@\"\n");
        await Command.RunAsync("chmod", "+x", dotnet);
        return await Command.RunAsync("env", [$"PATH={_folder}:{Environment.GetEnvironmentVariable("PATH")}", "bash", script, .. arguments]);
    }
}
