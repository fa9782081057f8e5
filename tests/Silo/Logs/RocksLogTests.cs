using Interactions.Contracts.Log;
using Interactions.Silo.Logs.Rocks;
using Interactions.Tests.Specification;
using Microsoft.Extensions.Logging.Abstractions;

namespace Interactions.Tests.Silo.Logs;

public sealed class RocksLogTests : StreamLogSpecification
{
    private readonly TempFolder _folder = new();

    protected override ValueTask<IStreamLog> OpenAsync(TimeProvider time) =>
        new(RocksLog.Open(new RocksLogOptions { Path = _folder.Path }, time, NullLogger<RocksLog>.Instance));

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        _folder.Dispose();
    }
}
