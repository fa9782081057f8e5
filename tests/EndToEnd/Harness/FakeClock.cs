namespace Interactions.Tests.EndToEnd.Harness;

/// <summary>The wall clock of a process that is started with its <see cref="Environment"/>; can be set while that runs. Monotonic time stays real.</summary>
internal sealed class FakeClock : IDisposable
{
    private readonly string _file = Path.GetTempFileName();

    /// <param name="off">By how much it is off, as libfaketime reads it: <c>+10m</c>, <c>-3650d</c>.</param>
    public FakeClock(string off)
    {
        var library = Directory.Exists("/usr/lib")
            ? Directory.EnumerateFiles("/usr/lib", "libfaketimeMT.so.1", new EnumerationOptions { RecurseSubdirectories = true, IgnoreInaccessible = true }).FirstOrDefault()
            : null;
        Xunit.Assert.SkipWhen(library is null, "libfaketime is not installed (apt-get install faketime).");
        // Redis' own allocator asks for the time before the library can answer, so the C library's goes first.
        Environment = new Dictionary<string, string>
        {
            ["LD_PRELOAD"] = $"{library}:libc.so.6",
            ["FAKETIME_TIMESTAMP_FILE"] = _file,
            ["FAKETIME_CACHE_DURATION"] = "1",
            ["FAKETIME_DONT_FAKE_MONOTONIC"] = "1",
            ["DONT_FAKE_MONOTONIC"] = "1",

            // A fix for old C libraries, on by default: with it every wait with a time limit returns at once, and .NET spins.
            ["FAKETIME_FORCE_MONOTONIC_FIX"] = "0",
        };
        Set(off);
    }

    public IReadOnlyDictionary<string, string> Environment { get; }

    /// <summary>A process sees it within a second, or when it starts.</summary>
    public void Set(string off) => File.WriteAllText(_file, off);

    public void SetRight() => Set("+0d");

    public void Dispose() => File.Delete(_file);
}
