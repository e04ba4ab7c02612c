using System.Diagnostics;
using Npgsql;
using NpgsqlTypes;

namespace Plug1.Bench.Checkout;

/// <summary>Bare PostgreSQL: sixteen connections, each sale one batch of prepared statements from begin to commit, in one round trip.</summary>
internal sealed class RawPostgres : IDisposable
{
    private readonly Worker[] workers;

    /// <param name="shop">Where.</param>
    /// <param name="sales">By worker, the sales of its own till, so that workers wait for each other no more than tills do.</param>
    public RawPostgres(BenchShop shop, IReadOnlyList<IReadOnlyList<RawSale>> sales) => workers = [.. sales.Select((own, at) => new Worker(shop, at, own))];

    /// <summary>Writes sales over all connections and times each.</summary>
    public Measured Run(int count) => Run(count, workers.Length);

    /// <summary>Writes sales over some of the connections and times each.</summary>
    public Measured Run(int count, int connections)
    {
        var left = count;
        Exception? failure = null;
        var writing = workers[..connections];
        var clock = Stopwatch.GetTimestamp();
        var threads = writing.Select(worker => new Thread(() =>
        {
            worker.Times.Clear();
            try
            {
                while (failure is null && Interlocked.Decrement(ref left) >= 0) worker.Write();
            }
            catch (Exception thrown)
            {
                failure = thrown;
            }
        })).ToArray();
        foreach (var thread in threads) thread.Start();
        foreach (var thread in threads) thread.Join();
        if (failure is not null) throw new InvalidOperationException("A raw sale failed.", failure);
        return new Measured(connections, Stopwatch.GetElapsedTime(clock), [.. writing.SelectMany(worker => worker.Times)]);
    }

    public void Dispose()
    {
        foreach (var worker in workers) worker.Dispose();
    }

    private sealed class Worker : IDisposable
    {
        private readonly NpgsqlConnection connection;
        private readonly List<(NpgsqlBatch Batch, List<(NpgsqlParameter Parameter, Fresh Fresh)> Marks)> batches;
        private readonly int number;
        private int done;

        public Worker(BenchShop shop, int number, IReadOnlyList<RawSale> sales)
        {
            this.number = number;
            connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(shop.Setting) { MaxAutoPrepare = 200, AutoPrepareMinUsages = 2, Pooling = false }.ToString());
            connection.Open();
            batches = [.. sales.Select(BatchOf)];
        }

        public List<double> Times { get; } = [];

        public void Write()
        {
            var started = Stopwatch.GetTimestamp();
            var (batch, marks) = batches[done % batches.Count];
            var fresh = FreshIds.Next(number, done++);
            foreach (var (parameter, mark) in marks) parameter.Value = fresh.Of(mark);
            batch.ExecuteNonQuery();
            Times.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
        }

        public void Dispose()
        {
            foreach (var (batch, _) in batches) batch.Dispose();
            connection.Dispose();
        }

        private (NpgsqlBatch Batch, List<(NpgsqlParameter Parameter, Fresh Fresh)> Marks) BatchOf(RawSale sale)
        {
            var batch = new NpgsqlBatch(connection);
            var marks = new List<(NpgsqlParameter, Fresh)>();
            batch.BatchCommands.Add(new NpgsqlBatchCommand("begin"));
            foreach (var table in sale.Tables)
            {
                var command = new NpgsqlBatchCommand();
                var rows = new List<string>();
                for (var row = 0; row < table.Rows.Count; row++)
                {
                    var places = new List<string>();
                    for (var at = 0; at < table.Columns.Count; at++)
                    {
                        if (table.Rows[row][at] is not { } value)
                        {
                            places.Add("null");
                            continue;
                        }

                        var parameter = new NpgsqlParameter { Value = value, NpgsqlDbType = TypeOf(value) };
                        command.Parameters.Add(parameter);
                        places.Add($"${command.Parameters.Count}");
                        if (table.Marks[row][at] != Fresh.Same) marks.Add((parameter, table.Marks[row][at]));
                    }

                    rows.Add($"({string.Join(", ", places)})");
                }

                command.CommandText = $"insert into {table.Table} ({string.Join(", ", table.Columns)}) values {string.Join(", ", rows)}";
                batch.BatchCommands.Add(command);
            }

            // Account by account in one order everywhere, so that no two sales wait for each other in a ring.
            foreach (var (account, delta) in sale.Balances)
                batch.BatchCommands.Add(new NpgsqlBatchCommand("update balance set amount = amount + $1 where account_id = $2") { Parameters = { Long(delta), Long(account) } });
            batch.BatchCommands.Add(new NpgsqlBatchCommand("update number_series set last_number = last_number + 1 where id = $1") { Parameters = { new NpgsqlParameter<string> { TypedValue = sale.Series } } });
            batch.BatchCommands.Add(new NpgsqlBatchCommand("commit"));
            return (batch, marks);
        }

        private static NpgsqlParameter Long(long value) => new NpgsqlParameter<long> { TypedValue = value };

        private static NpgsqlDbType TypeOf(object value) => value switch
        {
            long => NpgsqlDbType.Bigint,
            Guid => NpgsqlDbType.Uuid,
            string => NpgsqlDbType.Text,
            bool => NpgsqlDbType.Boolean,
            DateOnly => NpgsqlDbType.Date,
            DateTime moment => moment.TimeOfDay == TimeSpan.Zero && moment.Kind == DateTimeKind.Unspecified ? NpgsqlDbType.Date : NpgsqlDbType.TimestampTz,
            _ => throw new InvalidOperationException($"{value.GetType().Name} is no column of a sale."),
        };
    }
}
