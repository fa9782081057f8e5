using Interactions.Contracts.Log;
using Interactions.Silo.Logs.Memory;
using Interactions.Tests.Specification;

namespace Interactions.Tests.Silo.Logs;

public sealed class MemoryLogTests : StreamLogSpecification
{
    protected override ValueTask<IStreamLog> OpenAsync(TimeProvider time) => new(new MemoryLog());
}
