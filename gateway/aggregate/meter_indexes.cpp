#include "gateway/aggregate/meter_indexes.hpp"

namespace gateway::aggregate {

model::Result<std::int64_t, Count> MeterIndexes::increase(
    Draft& draft, std::uint32_t meter, const MeterIndex& index
) const {
    const auto drafted = draft.find(meter);
    const std::optional<MeterIndex> before =
        drafted != draft.end() ? std::optional{drafted->second} : known_[meter];
    if (before && index.read_at < before->read_at) return Count::older_index;
    draft.insert_or_assign(meter, index);
    if (!before) return Count::first_index;
    if (index.units < before->units) return Count::index_fell;
    std::int64_t increase = 0;
    if (__builtin_sub_overflow(index.units, before->units, &increase))
        return Count::not_representable;
    return increase;
}

}  // namespace gateway::aggregate
