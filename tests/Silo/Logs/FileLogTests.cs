using Interactions.Contracts.Log;
using Interactions.Silo.Logs.File;
using Interactions.Tests.Specification;
using Microsoft.Extensions.Logging.Abstractions;

namespace Interactions.Tests.Silo.Logs;

/// <summary>With segments so small that every test crosses many.</summary>
public sealed class FileLogTests : StreamLogSpecification
{
    private readonly TempFolder _folder = new();

    protected override ValueTask<IStreamLog> OpenAsync(TimeProvider time) =>
        new(FileLog.Open(new FileLogOptions { Path = _folder.Path, SegmentBytes = 4096 }, time, NullLogger<FileLog>.Instance));

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        _folder.Dispose();
    }
}
