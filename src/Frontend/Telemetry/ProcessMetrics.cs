using System.Diagnostics;
using System.Text;

namespace Interactions.Frontend.Telemetry;

/// <summary>The process itself, under the names that every Prometheus dashboard knows.</summary>
internal sealed class ProcessMetrics
{
    // Read at the first scrape: nobody has asked for it before.
    private readonly Lazy<double> _startedAt = new(ReadStart);

    public void Write(StringBuilder to)
    {
        One(to, "process_cpu_seconds_total", "CPU time used, user and system.", MetricKind.Counter, Environment.CpuUsage.TotalTime.TotalSeconds);
        One(to, "process_resident_memory_bytes", "Memory that is resident.", MetricKind.Gauge, Environment.WorkingSet);
        One(to, "process_start_time_seconds", "When the process started, seconds since 1970 UTC.", MetricKind.Gauge, _startedAt.Value);
        if (OpenFiles() is { } files) One(to, "process_open_fds", "Open file descriptors, sockets included.", MetricKind.Gauge, files);
    }

    private static double ReadStart()
    {
        using var process = Process.GetCurrentProcess();
        return new DateTimeOffset(process.StartTime.ToUniversalTime()).ToUnixTimeMilliseconds() / 1000.0;
    }

    private static int? OpenFiles()
    {
        try
        {
            return OperatingSystem.IsLinux() ? Directory.EnumerateFileSystemEntries("/proc/self/fd").Count() : null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static void One(StringBuilder to, string name, string help, MetricKind kind, double value)
    {
        PrometheusText.Header(to, name, help, kind);
        PrometheusText.Sample(to, name, "", value);
    }
}
