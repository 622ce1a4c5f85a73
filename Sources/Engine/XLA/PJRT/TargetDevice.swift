/// A kind of device that programs are compiled for where there is none: to see that they compile, and what memory they take.
package enum TargetDevice: String, CaseIterable, Sendable {
    case h100

    /// What a compiler has to know of it, in XLA's form (GpuTargetConfigProto as text).
    ///
    /// Sources: NVIDIA H100 Tensor Core GPU Architecture, the SXM5 form (132 multiprocessors of 128 lanes, 50 MiB of second-level cache,
    /// 80 GB at 3.35 TB/s), and CUDA C++ Programming Guide, technical specifications of compute capability 9.0.
    var configuration: String {
        switch self {
        case .h100:
            """
            platform_name: "CUDA"
            device_description_str: "NVIDIA H100 80GB HBM3"
            dnn_version_info { major: 9 minor: 12 }
            runtime_version { major: 13 }
            gpu_device_info {
              cuda_compute_capability { major: 9 }
              core_count: 132
              fpus_per_core: 128
              clock_rate_ghz: 1.98
              memory_bandwidth: 3350000000000
              device_memory_size: 85520809984
              l2_cache_size: 52428800
              threads_per_warp: 32
              threads_per_block_limit: 1024
              threads_per_core_limit: 2048
              shared_memory_per_block: 49152
              shared_memory_per_block_optin: 232448
              shared_memory_per_core: 233472
              registers_per_block_limit: 65536
              registers_per_core_limit: 65536
              block_dim_limit_x: 2147483647
              block_dim_limit_y: 65535
              block_dim_limit_z: 65535
            }
            """
        }
    }
}
