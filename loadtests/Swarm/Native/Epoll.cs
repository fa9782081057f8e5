using System.ComponentModel;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Interactions.LoadTests.Swarm.Native;

/// <summary>
/// Which of many sockets can be read or written (epoll(7), level-triggered). For one thread. Each socket is known
/// by a number that its owner chose.
/// </summary>
/// <remarks>
/// <code>
/// struct epoll_event   x64: | events 4 | data 8 |    elsewhere: | events 4 | padding 4 | data 8 |
/// </code>
/// </remarks>
internal sealed unsafe class Epoll : IDisposable
{
    private const int Most = 1024;

    private static readonly int Stride = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 12 : 16;
    private static readonly int DataAt = Stride - 8;

    private readonly int _fd;
    private readonly byte* _events;

    public Epoll()
    {
        _fd = Libc.CreateEpoll(Libc.CloseOnExec);
        if (_fd < 0) throw new Win32Exception(Marshal.GetLastPInvokeError());
        _events = (byte*)NativeMemory.AllocZeroed((nuint)(Most * Stride));
    }

    public void Add(int socket, int id, uint interest) => Control(Libc.Add, socket, id, interest);

    public void Change(int socket, int id, uint interest) => Control(Libc.Modify, socket, id, interest);

    /// <returns>How many there are; ask <see cref="Id"/> and <see cref="Happened"/> for each.</returns>
    public int Wait(int timeoutMs)
    {
        var count = Libc.WaitEpoll(_fd, _events, Most, timeoutMs);
        if (count >= 0) return count;
        var error = Marshal.GetLastPInvokeError();
        return error == Libc.Interrupted ? 0 : throw new Win32Exception(error);
    }

    public int Id(int index) => (int)Unsafe.ReadUnaligned<long>(_events + (index * Stride) + DataAt);

    public uint Happened(int index) => Unsafe.ReadUnaligned<uint>(_events + (index * Stride));

    public void Dispose()
    {
        _ = Libc.Close(_fd);
        NativeMemory.Free(_events);
    }

    private void Control(int operation, int socket, int id, uint interest)
    {
        var change = stackalloc byte[16];
        Unsafe.WriteUnaligned(change, interest);
        Unsafe.WriteUnaligned(change + DataAt, (long)id);
        if (Libc.ControlEpoll(_fd, operation, socket, change) < 0) throw new Win32Exception(Marshal.GetLastPInvokeError());
    }
}
