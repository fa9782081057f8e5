namespace Interactions.LoadTests.Running;

/// <summary>Shows how far a run is: one line rewritten every half second, or a new line every 5 s where output is redirected.</summary>
internal sealed class ProgressLine(TextWriter output, bool redirected)
{
    /// <summary>Shows what <paramref name="line"/> answers until disposed. It is called from a timer's thread.</summary>
    public IDisposable Show(Func<string> line)
    {
        var period = TimeSpan.FromSeconds(redirected ? 5 : 0.5);
        var timer = new Timer(_ => Write(line()), null, period, period);
        return new Shown(timer, () => Write(line(), last: true));
    }

    private void Write(string line, bool last = false)
    {
        lock (output)
        {
            if (redirected) output.WriteLine(line);
            else output.Write(last ? $"\r{line,-100}\n" : $"\r{line,-100}");
        }
    }

    private sealed class Shown(Timer timer, Action last) : IDisposable
    {
        public void Dispose()
        {
            timer.Dispose();
            last();
        }
    }
}
