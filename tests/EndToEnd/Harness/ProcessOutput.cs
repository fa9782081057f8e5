using System.Diagnostics;
using System.Text;

namespace Interactions.Tests.EndToEnd.Harness;

/// <summary>Both outputs of a process as one text. Safe to read while it grows.</summary>
internal sealed class ProcessOutput
{
    private readonly Lock _gate = new();
    private readonly StringBuilder _text = new();

    /// <summary>From now on, takes what this process writes.</summary>
    public void Collect(Process process)
    {
        process.OutputDataReceived += (_, e) => Add(e.Data);
        process.ErrorDataReceived += (_, e) => Add(e.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public override string ToString()
    {
        lock (_gate) return _text.ToString();
    }

    private void Add(string? line)
    {
        if (line is null) return;
        lock (_gate) _text.AppendLine(line);
    }
}
