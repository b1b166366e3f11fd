//! On macOS symbols of the interpreter have to be declared as found at load time; elsewhere this does nothing.

fn main() {
    pyo3_build_config::add_extension_module_link_args();
}
