using Xunit;

namespace Interactions.Tests.EndToEnd.Harness;

/// <summary>One service for all tests that do not break it; each test uses streams and users of its own.</summary>
public sealed class RunningService : IAsyncLifetime
{
    private ServiceProcess? _process;

    internal ServiceProcess Process => _process ?? throw new InvalidOperationException("Not started.");

    public async ValueTask InitializeAsync() => _process = await ServiceProcess.StartAsync();

    public async ValueTask DisposeAsync()
    {
        if (_process is not null) await _process.DisposeAsync();
    }
}
