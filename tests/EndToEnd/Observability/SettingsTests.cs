using Interactions.Tests.EndToEnd.Harness;
using Xunit;

namespace Interactions.Tests.EndToEnd.Observability;

[Collection(EndToEndCollection.Name)]
public sealed class SettingsTests
{
    [Fact]
    public async Task A_misspelled_setting_is_said_at_start_without_its_value()
    {
        await using var service = await ServiceProcess.StartAsync("--Log:Kind", "Memory", "--Limits:ConectionsPerUser", "31337", "--Auth:Secret", "hunter2");
        await service.TerminateAsync();
        Assert.Contains("no setting Limits:ConectionsPerUser: it is ignored. Is Limits:ConnectionsPerUser meant?", service.Output, StringComparison.Ordinal);
        Assert.Contains("no setting Auth:Secret: it is ignored", service.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("31337", service.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", service.Output, StringComparison.Ordinal);
    }
}
