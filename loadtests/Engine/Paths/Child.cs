using System.Diagnostics;

namespace Interactions.Engine.Paths;

/// <summary>This program in another process: told and asked in lines.</summary>
internal sealed class Child : IDisposable
{
    private readonly Process _process;

    public Child(string role, params (string Name, int Value)[] options)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardInput = true, RedirectStandardOutput = true };
        if (Path.GetFileNameWithoutExtension(start.FileName) == "dotnet") start.ArgumentList.Add(typeof(Child).Assembly.Location);
        start.ArgumentList.Add(role);
        foreach (var (name, value) in options)
        {
            start.ArgumentList.Add($"--{name}");
            start.ArgumentList.Add($"{value}");
        }

        _process = Process.Start(start)!;
    }

    public TimeSpan ProcessorTime
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    public async Task<string> ReadAsync() =>
        await _process.StandardOutput.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(60)) ?? throw new InvalidOperationException("A child process ended.");

    public async Task<string> AskAsync(string question)
    {
        await _process.StandardInput.WriteLineAsync(question);
        await _process.StandardInput.FlushAsync();
        return await ReadAsync();
    }

    public void Kill() => _process.Kill();

    public void Dispose()
    {
        if (!_process.HasExited) _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }
}
