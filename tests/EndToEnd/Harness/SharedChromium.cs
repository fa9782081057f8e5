using System.Diagnostics;

namespace Interactions.Tests.EndToEnd.Harness;

/// <summary>One Chromium for all tests that need one, started by the first of them; each has contexts of its own in it.</summary>
public sealed class SharedChromium : IAsyncDisposable
{
    private readonly Lock _lock = new();
    private Task<string>? _address;
    private Process? _process;

    /// <summary>Where scripts connect to it (--browser).</summary>
    public Task<string> AddressAsync()
    {
        lock (_lock) return _address ??= StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is null) return;
        _process.StandardInput.Close();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private async Task<string> StartAsync()
    {
        _process = Process.Start(new ProcessStartInfo("node", "chromium.mjs")
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            WorkingDirectory = Repository.NodeClients,
        })!;
        return await _process.StandardOutput.ReadLineAsync().WaitAsync(Busy.Patience) ?? throw new InvalidOperationException("Chromium did not start; is it installed?");
    }
}
