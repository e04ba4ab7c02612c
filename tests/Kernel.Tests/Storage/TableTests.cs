using Plug1.Kernel.Storage;
using Plug1.Testing;
using Shouldly;
using Xunit;

namespace Plug1.Kernel.Tests.Storage;

public sealed class TableTests
{
    private static readonly DateTimeOffset Noon = new(2025, 3, 1, 12, 30, 15, 123, 456, TimeSpan.FromHours(5.5));

    [Theory, OnBothEngines]
    public async Task One_row_of_every_kind_comes_back_as_it_went_in(Engine engine) => await RoundTrip(engine, [Full(1)]);

    [Theory, OnBothEngines]
    public async Task Many_rows_of_every_kind_come_back_as_they_went_in(Engine engine) => await RoundTrip(engine, [.. Enumerable.Range(1, 50).Select(Full), .. Enumerable.Range(51, 50).Select(Empty)]);

    [Theory, OnBothEngines]
    public async Task One_row_of_nothing_but_nulls_comes_back_as_it_went_in(Engine engine) => await RoundTrip(engine, [Empty(1)]);

    [Theory, OnBothEngines]
    public async Task The_ends_of_every_range_come_back_as_they_went_in(Engine engine) => await RoundTrip(engine,
    [
        [Guid.Empty, "", 0L, DateOnly.FromDateTime(DateTime.UnixEpoch), DateTimeOffset.UnixEpoch, false, Array.Empty<byte>()],
        [Guid.CreateVersion7(), "Ω 中 🧾 \"'\\", long.MaxValue, new DateOnly(9999, 12, 31), new DateTimeOffset(9999, 12, 31, 23, 59, 59, TimeSpan.Zero), true, new byte[70_000]],
    ]);

    [Theory, OnBothEngines]
    public async Task An_instant_is_kept_to_the_microsecond_in_utc(Engine engine)
    {
        await using var test = await Things.Create(engine);
        await test.Database.Write(async tx =>
        {
            tx.Insert(Things.Table, [Guid.CreateVersion7(), null, null, null, Noon.AddTicks(9), null, null]);
            await tx.Flush();
        });

        var kept = await test.Database.Read(db => db.First($"select at from thing", row => row.Instant(0)));
        kept.ShouldBe(new DateTimeOffset(2025, 3, 1, 7, 0, 15, 123, 456, TimeSpan.Zero));
        kept.Offset.ShouldBe(TimeSpan.Zero);
    }

    [Theory, OnBothEngines]
    public async Task A_small_integer_fits_an_integer_column_alone_and_among_many(Engine engine)
    {
        await using var test = await Things.Create(engine);
        await test.Database.Write(async tx =>
        {
            tx.Insert(Things.Table, [Guid.CreateVersion7(), null, 3, null, null, null, null]);
            tx.Insert(Things.Table, [Guid.CreateVersion7(), null, 4, null, null, null, null], [Guid.CreateVersion7(), null, 5L, null, null, null, null]);
            await tx.Flush();
        });

        (await test.Database.Read(db => db.Number($"select sum(amount) from thing"))).ShouldBe(12);
    }

    [Theory, OnBothEngines]
    public async Task Inserting_no_rows_writes_nothing(Engine engine)
    {
        await using var test = await Things.Create(engine);
        await test.Database.Write(async tx =>
        {
            tx.Insert(Things.Table);
            await tx.Flush();
        });

        (await test.Database.Count()).ShouldBe(0);
    }

    private static object?[] Full(int at) =>
        [Guid.CreateVersion7(), $"thing {at}", at * 1_000_000L, new DateOnly(2025, 1, 1).AddDays(at), Noon.AddSeconds(at), at % 2 == 0, new byte[] { 0, 1, (byte)at, 255 }];

    private static object?[] Empty(int at) => [Guid.CreateVersion7(), null, null, null, null, null, null];

    private static async Task RoundTrip(Engine engine, object?[][] rows)
    {
        await using var test = await Things.Create(engine);
        await test.Database.Write(async tx =>
        {
            tx.Insert(Things.Table, rows);
            await tx.Flush();
        });

        var kept = await test.Database.Read(db => db.Query($"select id, name, amount, day, at, done, image from thing", row => new object?[]
        {
            row.Guid("id"), row.TextOrNull("name"), row.LongOrNull("amount"), row.DateOrNull("day"), row.InstantOrNull("at"),
            row.IsNull(row.At("done")) ? null : row.Bool("done"), row.BytesOrNull(row.At("image")),
        }));
        kept.Count.ShouldBe(rows.Length);
        var byId = kept.ToDictionary(row => (Guid)row[0]!);
        foreach (var row in rows) byId[(Guid)row[0]!].ShouldBe(row);
    }
}
