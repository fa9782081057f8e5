using System.Diagnostics;
using System.Text;

namespace Interactions.Frontend.Telemetry;

/// <summary>The process itself, under the names that every Prometheus dashboard knows.</summary>
internal sealed class ProcessMetrics
{
    private readonly double _startedAt = new DateTimeOffset(Process.GetCurrentProcess().StartTime.ToUniversalTime()).ToUnixTimeMilliseconds() / 1000.0;

    public void Write(StringBuilder to)
    {
        using var process = Process.GetCurrentProcess();
        One(to, "process_cpu_seconds_total", "CPU time used, user and system.", MetricKind.Counter, process.TotalProcessorTime.TotalSeconds);
        One(to, "process_resident_memory_bytes", "Memory that is resident.", MetricKind.Gauge, process.WorkingSet64);
        One(to, "process_start_time_seconds", "When the process started, seconds since 1970 UTC.", MetricKind.Gauge, _startedAt);
        if (OpenFiles() is { } files) One(to, "process_open_fds", "Open file descriptors, sockets included.", MetricKind.Gauge, files);
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
